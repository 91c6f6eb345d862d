/// What `configure`, or a batch, may set.
enum StepSetting {
  case rate, start, samples, reply, units, gyro

  var name: StaticString {
    switch self {
    case .rate: "rate"
    case .start: "t0"
    case .samples: "samples"
    case .reply: "reply"
    case .units: "units"
    case .gyro: "gyro"
    }
  }

  /// What it takes, for a client that sent something else.
  var allowed: StaticString {
    switch self {
    case .rate: "rate is a number of Hz from 12 to 400"
    case .start: "t0 is a number of seconds"
    case .samples: "samples is an array of arrays of six numbers"
    case .reply: "reply is every or steps"
    case .units: "units is m/s2 or g"
    case .gyro: "gyro is true or false"
    }
  }
}
