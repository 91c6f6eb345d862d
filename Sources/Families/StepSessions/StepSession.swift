import Delivery
import StepDetection

/// One client's session: its counter, its settings, and what `stats` tells.
struct StepSession {
  let id: SessionID
  var counter = StepCounter()
  var repliesEvery = true
  var hasGyro = true
  /// Messages of any kind.
  var requests: UInt64 = 0
  /// Milliseconds of the monotonic clock.
  let started: UInt64
  var lastMessage: UInt64
  /// Milliseconds since 1970 UTC.
  var lastActivity: UInt64

  init(id: SessionID, at now: Moment) {
    self.id = id
    started = now.monotonic
    lastMessage = now.monotonic
    lastActivity = now.wall
  }

  mutating func noteMessage(at now: Moment) {
    requests &+= 1
    lastMessage = now.monotonic
    lastActivity = now.wall
  }

  /// Takes the settings of `configure`, all or none of them.
  mutating func configure(_ message: StepMessage) throws(StepRefusal) {
    try message.check()
    if let rate = message.rate {
      guard counter.configure(rate: rate) else { throw .invalidSetting(.rate) }
    }
    if let usesG = message.usesG {
      counter.configure(units: usesG ? .standardGravity : .metersPerSecondSquared)
    }
    if let every = message.repliesEvery { repliesEvery = every }
    if let hasGyro = message.hasGyro { self.hasGyro = hasGyro }
  }

  /// Tells that a message came, with so many samples that are fed next.
  mutating func receive(samples: Int, at now: Moment) {
    counter.receive(samples: samples, at: Double(now.monotonic) / 1000)
  }

  /// - Parameter timestamp: seconds of the sensor's clock, if the client gave one.
  mutating func feed(_ sample: SensorSample, timestamp: Double?) -> StepDecision {
    counter.feed(
      x: sample.values[0], y: sample.values[1], z: sample.values[2], timestamp: timestamp)
  }

  /// The samples of the last second, on which the detector's filters draw.
  var bufferSize: Int64 { min(counter.predictions, Int64(counter.clock.rate + 0.5)) }
}
