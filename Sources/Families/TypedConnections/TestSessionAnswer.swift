import Memory

/// What a participant answers to one question.
struct TestSessionAnswer: ~Copyable {
  let participant: UInt32
  let question: TestSessionQuestion
  let hash: UInt32
  /// Of its record.
  let key: UInt64
  /// How many of the participant's questions were answered before.
  let order: UInt32
  /// Bytes that it takes in an object of answers beside its value.
  let overhead: UInt32
  /// Among the participant's answers, in order of first answering.
  var behind = Spot.none
  /// JSON, as it was written.
  var value = StoredChain()

  init(
    participant: Int, question: TestSessionQuestion, hash: UInt32, key: UInt64, order: UInt32,
    overhead: Int
  ) {
    self.participant = UInt32(participant)
    self.question = question
    self.hash = hash
    self.key = key
    self.order = order
    self.overhead = UInt32(overhead)
  }

  /// Bytes that it takes in an object of answers.
  var size: Int { Int(overhead) + Int(value.count) }
}
