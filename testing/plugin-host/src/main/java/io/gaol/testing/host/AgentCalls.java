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

/**
 * Makes every call as an agent does, whose connections are to an authority of no meaning, and looks
 * at every response: {@link MandatoryMessages}.
 */
final class AgentCalls implements ClientInterceptor {
  private static final String AUTHORITY = "unused";

  private final Consumer<String> faults;

  AgentCalls(Consumer<String> faults) {
    this.faults = faults;
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(
        next.newCall(method, options.withAuthority(AUTHORITY))) {
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
