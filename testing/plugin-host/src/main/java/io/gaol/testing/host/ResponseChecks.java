package io.gaol.testing.host;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.function.Consumer;

/** Looks at every response of every call, whoever makes it: {@link MandatoryMessages}. */
final class ResponseChecks implements ClientInterceptor {
  private final Consumer<String> faults;

  ResponseChecks(Consumer<String> faults) {
    this.faults = faults;
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onMessage(R message) {
                MandatoryMessages.missingIn(message)
                    .forEach(
                        missing ->
                            faults.accept(
                                method.getFullMethodName() + " answered without " + missing));
                super.onMessage(message);
              }
            },
            headers);
      }
    };
  }
}
