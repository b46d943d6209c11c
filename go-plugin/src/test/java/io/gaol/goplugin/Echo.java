package io.gaol.goplugin;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A service of bytes: one answer to a call, or as many as the other side has. */
final class Echo implements BindableService {
  private static final long LIMIT_SECONDS = 60;

  private static final MethodDescriptor<byte[], byte[]> ONE = method("One", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> MANY =
      method("Many", MethodType.BIDI_STREAMING);

  private final UnaryOperator<byte[]> answer;

  Echo() {
    this(request -> request);
  }

  Echo(UnaryOperator<byte[]> answer) {
    this.answer = answer;
  }

  static Echo saying(String text) {
    return new Echo(request -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("test.Echo")
        .addMethod(
            ONE,
            ServerCalls.asyncUnaryCall(
                (request, responses) -> {
                  responses.onNext(answer.apply(request));
                  responses.onCompleted();
                }))
        .addMethod(MANY, ServerCalls.asyncBidiStreamingCall(this::many))
        .build();
  }

  private StreamObserver<byte[]> many(StreamObserver<byte[]> responses) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] request) {
        responses.onNext(answer.apply(request));
      }

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {
        responses.onCompleted();
      }
    };
  }

  static byte[] call(Channel channel, byte[] request) {
    return ClientCalls.blockingUnaryCall(channel, ONE, options(), request);
  }

  static String call(Channel channel, String request) {
    return new String(
        call(channel, request.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  static StreamObserver<byte[]> stream(Channel channel, StreamObserver<byte[]> answers) {
    return ClientCalls.asyncBidiStreamingCall(channel.newCall(MANY, options()), answers);
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName("test.Echo/" + name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
