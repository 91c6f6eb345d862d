import Delivery
import Memory

/// Who says something: copied out of the users, so that a draft may be written meanwhile.
struct TypedSender {
  let id: ShortText
  let name: ShortText

  init(_ user: Int, of users: borrowing Users) {
    id = users.id(of: user)
    name = users.name(of: user)
  }
}
