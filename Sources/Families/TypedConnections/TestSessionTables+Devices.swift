import Memory

/// Connections that come and go.
extension TestSessionTables {
  func session(of connection: Int) -> Int? { devices[connection].session.place }

  /// Adds a connection to a participant of a session, or, without one, to the session itself.
  mutating func add(
    _ connection: Int, to session: Int, _ participant: Int?, isProctor: Bool
  ) {
    var device = TestSessionDevice()
    device.session = Spot(session)
    device.isProctor = isProctor
    if let participant {
      device.participant = Spot(participant)
      device.behind = participants[participant].firstDevice
      participants[participant].firstDevice = Spot(connection)
    } else {
      device.behind = sessions[session].firstOther
      sessions[session].firstOther = Spot(connection)
    }
    if let behind = device.behind.place { devices[behind].before = Spot(connection) }
    devices[connection] = device
    sessions[session].connections += 1
    connections += 1
  }

  /// Takes a connection out of its session.
  mutating func removeDevice(_ connection: Int) {
    let gone = devices[connection]
    guard let session = gone.session.place else { return }
    if let before = gone.before.place {
      devices[before].behind = gone.behind
    } else if let participant = gone.participant.place {
      participants[participant].firstDevice = gone.behind
    } else {
      sessions[session].firstOther = gone.behind
    }
    if let behind = gone.behind.place { devices[behind].before = gone.before }
    devices[connection] = TestSessionDevice()
    sessions[session].connections -= 1
    connections -= 1
  }

  /// A session's first connection; `connection(behind:)` gives the others: those of no
  /// participant, then those of each participant.
  func firstConnection(of session: Int) -> Int? {
    sessions[session].firstOther.place
      ?? firstConnection(from: sessions[session].firstParticipant)
  }

  func connection(behind connection: Int) -> Int? {
    let device = devices[connection]
    if let behind = device.behind.place { return behind }
    if let participant = device.participant.place {
      return firstConnection(from: participants[participant].behind)
    }
    guard let session = device.session.place else { return nil }
    return firstConnection(from: sessions[session].firstParticipant)
  }

  /// The first connection of a participant, or of those behind.
  private func firstConnection(from participant: Spot) -> Int? {
    var next = participant
    while let place = next.place {
      if let connection = participants[place].firstDevice.place { return connection }
      next = participants[place].behind
    }
    return nil
  }
}
