package mqttsn.daemon.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * One connection: a request, its answer, the next request. Who sends several at once, sends a body,
 * or takes too long, is cut off after at most one answer.
 */
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final int MAX_PARAMETERS = 16;
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Gatekeeper gatekeeper;
  private final Routes routes;
  private final AdminServer.Limits limits;
  private @Nullable Future<?> deadline;
  private boolean answering;
  private boolean closing;

  RequestHandler(Gatekeeper gatekeeper, Routes routes, AdminServer.Limits limits) {
    this.gatekeeper = gatekeeper;
    this.routes = routes;
    this.limits = limits;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    closeAfter(context, limits.request());
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    context.fireChannelInactive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (closing) {
      return;
    }
    if (part.decoderResult().isFailure()) {
      closing = true;
      answer(context, unreadable(part.decoderResult()), false);
    } else if (answering && !(part instanceof LastHttpContent)) {
      closing = true;
    } else if (part instanceof HttpRequest request) {
      begin(context, request);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    answering = true;
    boolean head = request.method().equals(HttpMethod.HEAD);
    closing = !HttpUtil.isKeepAlive(request);
    if (HttpUtil.isTransferEncodingChunked(request)
        || HttpUtil.getContentLength(request, 0L) != 0) {
      closing = true;
      answer(context, Response.text(413, "Expected a request without a body"), head);
    } else if (!head && !request.method().equals(HttpMethod.GET)) {
      closing = true;
      answer(context, Response.text(405, "Expected GET or HEAD"), head);
    } else {
      route(context, request, head);
    }
  }

  private void route(ChannelHandlerContext context, HttpRequest request, boolean head) {
    Request asked;
    try {
      QueryStringDecoder uri =
          new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS);
      asked = new Request(uri.path(), uri.parameters());
    } catch (IllegalArgumentException e) {
      answer(context, Response.text(400, "Expected a path in percent-encoded UTF-8"), head);
      return;
    }
    Routes.Route route = routes.at(asked.path());
    Response refusal = gatekeeper.refusal(route == null || route.guarded(), request.headers());
    if (refusal != null) {
      answer(context, refusal, head);
    } else if (route == null) {
      answer(context, Response.text(404, "Not found"), head);
    } else {
      ask(context, route.resource(), asked, head);
    }
  }

  private void ask(ChannelHandlerContext context, Resource resource, Request asked, boolean head) {
    closeAfter(context, AdminServer.ANSWER_DEADLINE.plus(limits.answerTaken()));
    CompletionStage<Response> asking;
    try {
      asking = resource.get(asked);
    } catch (RuntimeException e) {
      asking = CompletableFuture.failedFuture(e);
    }
    var unused =
        asking
            .toCompletableFuture()
            .copy()
            .orTimeout(AdminServer.ANSWER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(failure -> failed(asked, failure))
            .thenAcceptAsync(response -> answer(context, response, head), context.executor());
  }

  private static Response failed(Request asked, Throwable thrown) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure instanceof TimeoutException) {
      return Response.text(503, "There is no answer in time");
    }
    Logger.error(failure, "The answer at {} failed", asked.path());
    return Response.text(500, "This is a fault of the program, its log says more");
  }

  private static Response unreadable(DecoderResult result) {
    if (result.cause() instanceof TooLongHttpLineException) {
      return Response.text(414, "The request line is too long");
    }
    return result.cause() instanceof TooLongHttpHeaderException
        ? Response.text(431, "The header is too long")
        : Response.text(400, "Expected an HTTP request");
  }

  private void answer(ChannelHandlerContext context, Response response, boolean head) {
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
    fillHeader(message.headers(), response);
    HttpUtil.setKeepAlive(message, !closing);
    closeAfter(context, limits.answerTaken());
    context
        .writeAndFlush(message)
        .addListener(
            (ChannelFutureListener)
                written -> {
                  answering = false;
                  if (!written.isSuccess()) {
                    close(context);
                  } else if (closing) {
                    lingeringClose(context);
                  } else {
                    closeAfter(context, limits.request());
                  }
                });
  }

  /**
   * Ends our side and lets the client end its own: closing at once, with octets of the client
   * unread, would take the answer away from it.
   */
  private void lingeringClose(ChannelHandlerContext context) {
    var unused = ((DuplexChannel) context.channel()).shutdownOutput();
    closeAfter(context, LINGER);
  }

  private static void fillHeader(HttpHeaders header, Response response) {
    header
        .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, response.body().length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, response.contentSecurityPolicy())
        .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
        .set("x-content-type-options", "nosniff")
        .set("referrer-policy", "no-referrer")
        .set("cross-origin-resource-policy", "same-origin");
    if (response.status() == 401) {
      header.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    } else if (response.status() == 405) {
      header.set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
  }

  /** One deadline at a time: what it was for before is over. */
  private void closeAfter(ChannelHandlerContext context, Duration duration) {
    cancelDeadline();
    deadline =
        context.executor().schedule(() -> close(context), duration.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Logger.debug(cause, "A connection of the admin address failed");
    close(context);
  }

  private static void close(ChannelHandlerContext context) {
    var unused = context.close();
  }
}
