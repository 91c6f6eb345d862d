#if Persistence
extension HostError {
  /// SQLite's result codes (sqlite.org/rescode.html) and those of CSQLite, in words for whoever
  /// runs the board.
  var sqliteReason: StaticString {
    switch -code {
    case 3: "no permission to open the file"
    case 5, 6: "another process has the file open"
    case 7: "the memory set aside for SQLite is used up"
    case 8: "the file, or the file system, is read-only"
    case 10: "the disk reports an error"
    case 11, 26, 0x10002: "the file is damaged"
    case 13: "the disk, or the size that PERSIST_MAX_SIZE allows, is full"
    case 14: "the file cannot be opened or made"
    case 18: "a record is too large"
    case 0x10001: "there is no such file"
    case 0x10003: "a batch is malformed"
    case 0x10004: "this process has a store already"
    case 0x10006: "no thread can be started"
    case 0x10007: "martlet.db was removed or replaced"
    default: "SQLite reports an error"
    }
  }
}
#else
extension HostError {
  /// Stands where the trait is left out of the build: nobody asks for it.
  var sqliteReason: StaticString { "" }
}
#endif
