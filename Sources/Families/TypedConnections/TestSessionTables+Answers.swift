import Memory

/// What participants answer.
extension TestSessionTables {
  private func hash(_ question: ShortText, _ participant: Int) -> UInt32 {
    questions.hash(UInt64(questions.hash(question.bytes)) << 32 | UInt64(participant))
  }

  func answer(to question: ShortText, of participant: Int) -> Int? {
    var probe = questions.probe(hash(question, participant))
    while let place = questions.next(&probe) {
      if answers[place].participant == UInt32(participant),
        answers[place].question.text == question
      {
        return place
      }
    }
    return nil
  }

  /// Whether a value finds room, in place of the one that `answer` has, if any.
  func hasRoom(for size: Int, insteadOf answer: Int?) -> Bool {
    let slots = (size + pool.slotSize - 1) / pool.slotSize
    guard let answer else { return !answers.isFull && slots <= pool.available }
    let held = (Int(answers[answer].value.count) + pool.slotSize - 1) / pool.slotSize
    return slots <= pool.available + held
  }

  /// Puts a value, for which there is room, in place of another one.
  mutating func replace(_ answer: Int, by value: RawSpan) {
    let participant = Int(answers[answer].participant)
    participants[participant].size += value.byteCount - Int(answers[answer].value.count)
    pool.giveBack(answers[answer].value)
    fill(answer, value)
  }

  /// The first answer to a question, for which there is room.
  mutating func makeAnswer(
    to question: TestSessionQuestion, of participant: Int, key: UInt64, _ value: RawSpan
  ) -> Int {
    let hash = hash(question.text, participant)
    let answer = TestSessionAnswer(
      participant: participant, question: question, hash: hash, key: key,
      order: participants[participant].answers, overhead: question.size)
    guard let place = answers.insert(answer) else {
      preconditionFailure("an answer was not asked for")
    }
    if let last = participants[participant].lastAnswer.place {
      answers[last].behind = Spot(place)
    } else {
      participants[participant].firstAnswer = Spot(place)
    }
    participants[participant].lastAnswer = Spot(place)
    participants[participant].answers += 1
    participants[participant].size += question.size + value.byteCount
    sessions[Int(participants[participant].session)].answers += 1
    questions.insert(place, hash: hash)
    fill(place, value)
    return place
  }

  private mutating func fill(_ answer: Int, _ value: RawSpan) {
    var chain = SlotChain()
    guard pool.append(value, to: &chain) else { preconditionFailure("room was not asked for") }
    answers[answer].value = chain.putAway()
  }

  /// Frees a participant's first answer.
  mutating func removeFirstAnswer(of participant: Int) {
    guard let place = participants[participant].firstAnswer.place else { return }
    participants[participant].firstAnswer = answers[place].behind
    if answers[place].behind.place == nil { participants[participant].lastAnswer = .none }
    participants[participant].answers -= 1
    participants[participant].size -= answers[place].size
    sessions[Int(participants[participant].session)].answers -= 1
    questions.remove(place, hash: answers[place].hash)
    pool.giveBack(answers[place].value)
    answers.remove(at: place)
  }
}
