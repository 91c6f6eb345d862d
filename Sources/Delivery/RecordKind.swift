/// What a record of the journal is about; the numbers stand in files and never change.
public enum RecordKind: UInt8, CaseIterable, Sendable {
  case meta = 1
  case eventUser, event, notification, emotion, testSession, participant, answer
}
