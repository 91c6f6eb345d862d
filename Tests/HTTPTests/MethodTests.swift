import HTTP
import Testing

@Suite struct MethodTests {
  @Test func aSetHoldsItsMethods() {
    let methods: MethodSet = [.get, .patch]
    #expect(methods.contains(Method.get) && methods.contains(Method.patch))
    #expect(!methods.contains(Method.post) && !methods.contains(Method.other))
    #expect(!MethodSet(rawValue: .max).contains(Method.other))
  }
}
