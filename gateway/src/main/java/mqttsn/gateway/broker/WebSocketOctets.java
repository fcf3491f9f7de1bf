package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/** The octets of binary WebSocket frames; where a frame ends means nothing to MQTT. */
final class WebSocketOctets extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {

  WebSocketOctets() {
    super(WebSocketFrame.class, ByteBuf.class);
  }

  @Override
  protected void encode(ChannelHandlerContext context, ByteBuf octets, List<Object> out) {
    out.add(new BinaryWebSocketFrame(octets.retain()));
  }

  @Override
  protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
    if (frame instanceof TextWebSocketFrame) {
      throw new CorruptedFrameException("a text frame, expected binary ones");
    }
    out.add(frame.content().retain());
  }
}
