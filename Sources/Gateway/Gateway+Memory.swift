import Delivery
import Memory

extension Gateway where Link: ~Copyable {
  /// Makes all that the plan counts resident, before the first connection: a board that has less
  /// memory than was planned fails now, and not in the night.
  public mutating func touchMemory() {
    link.touch()
    families.touch()
    mailroom.touch()
    readPool.touch()
    received?.touch()
    assembled?.touch()
    inflated?.touch()
    path.touch()
    content.touch()
    crossOrigin.touch()
    doorkeeper.touch()
  }
}
