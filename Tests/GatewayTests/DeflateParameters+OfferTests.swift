#if Deflate
import Memory
import Testing
import WebSocket

@testable import Gateway

/// RFC 7692, section 7.1.
@Suite struct DeflateParametersOfferTests {
  private func read(_ text: String) -> DeflateParameters? {
    DeflateParameters(offer: Array(text.utf8).span.raw)
  }

  private static let taken: [(String, String)] = [
    ("permessage-deflate", ""),
    ("permessage-deflate; server_no_context_takeover", "; server_no_context_takeover"),
    ("permessage-deflate;client_no_context_takeover", "; client_no_context_takeover"),
    ("permessage-deflate; server_max_window_bits=9", "; server_max_window_bits=9"),
    ("permessage-deflate; server_max_window_bits=\"10\"", "; server_max_window_bits=10"),
    ("permessage-deflate; client_max_window_bits", "; client_max_window_bits=15"),
    ("permessage-deflate; client_max_window_bits=8", "; client_max_window_bits=8"),
    (
      "permessage-deflate ; client_max_window_bits=15 ; server_max_window_bits=15 ;"
        + " client_no_context_takeover; server_no_context_takeover",
      "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15; "
        + "client_max_window_bits=15"
    ),
  ]

  @Test(arguments: taken.indices)
  func anOfferIsReadAndSaidAgain(_ index: Int) throws {
    let parameters = try #require(read(Self.taken[index].0))
    var writer = ByteWriter(capacity: 300)
    parameters.write(to: &writer)
    let line = written(writer)
    #expect(
      line == "Sec-WebSocket-Extensions: permessage-deflate\(Self.taken[index].1)\r\n")
  }

  private func written(_ writer: borrowing ByteWriter) -> String {
    let bytes = writer.bytes
    return text((0..<bytes.byteCount).map { bytes[$0] })
  }

  @Test(arguments: [
    "", "permessage-foo", "x-webkit-deflate-frame", "permessage-deflated",
    "permessage-deflate; unknown", "permessage-deflate; server_no_context_takeover=1",
    "permessage-deflate; server_no_context_takeover=",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
    "permessage-deflate; client_no_context_takeover=true",
    "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=",
    "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=8",
    "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; server_max_window_bits=09",
    "permessage-deflate; server_max_window_bits=+9",
    "permessage-deflate; server_max_window_bits=100000000000000000009",
    "permessage-deflate; server_max_window_bits=\"9",
    "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
    "permessage-deflate; client_max_window_bits=", "permessage-deflate; client_max_window_bits=7",
    "permessage-deflate; client_max_window_bits=16",
    "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
    "permessage-deflate; client_max_window_bits==9",
    "permessage-deflate; Server_No_Context_Takeover",
  ])
  func whatCannotBeMetIsNoOffer(_ text: String) {
    #expect(read(text) == nil)
  }
}
#endif
