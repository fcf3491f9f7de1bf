package mqttsn.gateway.broker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import mqttsn.gateway.config.BrokerUrl;

/** Says when the last layer below MQTT is ready, or that it will not be; then it goes away. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class Ready extends ChannelInboundHandlerAdapter {

  private final BrokerUrl.Scheme scheme;
  private final Promise<Channel> ready;

  Ready(BrokerUrl.Scheme scheme, Promise<Channel> ready) {
    this.scheme = scheme;
    this.ready = ready;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (scheme == BrokerUrl.Scheme.MQTT) {
      ready(context);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
      failed(context, tls.cause());
    } else if (scheme.isWebSocket()
        ? event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE
        : event instanceof SslHandshakeCompletionEvent) {
      ready(context);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(context, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    failed(context, new IOException("the broker closed the connection during the handshake"));
  }

  private void ready(ChannelHandlerContext context) {
    context.pipeline().remove(this);
    if (!ready.trySuccess(context.channel())) {
      context.close();
    }
  }

  private void failed(ChannelHandlerContext context, Throwable cause) {
    ready.tryFailure(cause);
    context.close();
  }
}
