// peer [PORT]: an echo, and a room on any other path than /echo, on SwiftNIO; one event loop.
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// All on the one event loop.
final class Room {
  var members: [ObjectIdentifier: Channel] = [:]
}

final class Talk: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let room: Room?

  init(room: Room?) { self.room = room }

  func handlerAdded(context: ChannelHandlerContext) {
    room?.members[ObjectIdentifier(context.channel)] = context.channel
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    room?.members[ObjectIdentifier(context.channel)] = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard frame.opcode == .text || frame.opcode == .binary else { return }
    let answer = WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData)
    guard let room else {
      context.write(wrapOutboundOut(answer), promise: nil)
      return
    }
    for member in room.members.values { member.writeAndFlush(answer, promise: nil) }
  }

  /// Answers to all that one read brought go with one write.
  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: Error) {
    context.close(promise: nil)
  }
}

var limit = rlimit()
getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
limit.rlim_cur = limit.rlim_max
setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

let room = Room()
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
let upgrader = NIOWebSocketServerUpgrader(
  maxFrameSize: 1 << 20,
  shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
  upgradePipelineHandler: { channel, head in
    channel.pipeline.addHandler(Talk(room: head.uri == "/echo" ? nil : room))
  })
let bootstrap = ServerBootstrap(group: group)
  .serverChannelOption(.backlog, value: 4096)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
  .childChannelInitializer { channel in
    channel.pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
  }
let port = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 0 : 0
let channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
let line = "listening on 127.0.0.1:\(channel.localAddress?.port ?? 0)\n"
_ = line.withCString { write(2, $0, strlen($0)) }
try channel.closeFuture.wait()
