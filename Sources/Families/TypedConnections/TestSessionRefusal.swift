/// Why a message is refused; it has changed nothing.
enum TestSessionRefusal: Error, CaseIterable {
  case malformed
  case noType
  case unknownType
  case tooFast
  /// The session was deleted while the connection is being closed.
  case gone
  case notAProctor
  /// A proctor or who came too late does what participants do.
  case notAParticipant
  /// Nobody has given the session a duration.
  case notMade
  case alreadyRunning
  case notRunning
  case submitted
  case question
  case answer
  case tooManyAnswers
  case tooLarge
  case noRoom

  /// What was wrong, and what to do about it.
  var text: StaticString {
    switch self {
    case .malformed: "Invalid JSON: send one object a message"
    case .noType: "A message needs a type, which is a string"
    case .unknownType:
      "Unknown type: get_session_status, start_session, answer_update, submit and ping are known"
    case .tooFast: "Messages come too fast: this one was dropped"
    case .gone: "This session was deleted"
    case .notAProctor: "Only a proctor or an admin starts a session"
    case .notAParticipant: "Only who takes part in the session may do this"
    case .notMade: "This session has no duration yet: it has to be created first"
    case .alreadyRunning: "This session is already running"
    case .notRunning: "This session is not running yet"
    case .submitted: "This was submitted: nothing can be changed any more"
    case .question: "question_id must be a string of 1 to 64 bytes, or a whole number"
    case .answer: "answer is missing"
    case .tooManyAnswers: "There are too many answers: none for another question is taken"
    case .tooLarge: "Your answers would be too large together: shorten this one"
    case .noRoom: "There is no room for this now: send it again in a while"
    }
  }
}
