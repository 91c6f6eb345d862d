import Delivery
import Memory
import Testing

@testable import TypedConnections

@Suite struct TypedSenderTests {
  @Test func itStaysAsItWasWhenTheUserIsGone() {
    var users = Users(connections: 2, seed: 1)
    users.enter(1, id: ShortText(text: "7"), name: ShortText(text: "Ann"))
    let user = users.user(of: 1)!
    let sender = TypedSender(user, of: users)
    users.leave(1)
    #expect(sender.id.text == "7" && sender.name.text == "Ann")
  }
}
