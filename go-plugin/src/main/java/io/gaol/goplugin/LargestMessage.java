package io.gaol.goplugin;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Refuses requests that are too large, with a status that says so. The library's own bound resets
 * the stream and tells the caller no reason.
 */
final class LargestMessage {
  private LargestMessage() {}

  /** The same service, whose methods take no request larger than that. */
  static ServerServiceDefinition bound(ServerServiceDefinition service, int largestBytes) {
    ServerServiceDefinition.Builder bounded =
        ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      bounded.addMethod(bound(method, largestBytes));
    }
    return bounded.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> bound(
      ServerMethodDefinition<Q, R> method, int largestBytes) {
    MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                new Bounded<>(descriptor.getRequestMarshaller(), largestBytes),
                descriptor.getResponseMarshaller())
            .build(),
        new Refusing<>(method.getServerCallHandler(), largestBytes));
  }

  /** Reads a request, or null for one that is too large; marshallers have no other null. */
  private record Bounded<Q>(MethodDescriptor.Marshaller<Q> marshaller, int largestBytes)
      implements MethodDescriptor.Marshaller<Q> {
    @Override
    public InputStream stream(Q value) {
      return marshaller.stream(value);
    }

    @Override
    public Q parse(InputStream stream) {
      try {
        return stream.available() > largestBytes ? null : marshaller.parse(stream);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }

  /** Closes a call whose request was too large. */
  private record Refusing<Q, R>(ServerCallHandler<Q, R> handler, int largestBytes)
      implements ServerCallHandler<Q, R> {
    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
      return new SimpleForwardingServerCallListener<>(handler.startCall(call, headers)) {
        private boolean refused;

        @Override
        public void onMessage(Q request) {
          if (request != null) {
            super.onMessage(request);
          } else if (!refused) {
            refused = true;
            call.close(
                Status.RESOURCE_EXHAUSTED.withDescription(
                    "a message of more than " + largestBytes + " bytes is not taken"),
                new Metadata());
          }
        }

        @Override
        public void onHalfClose() {
          if (!refused) {
            super.onHalfClose();
          }
        }
      };
    }
  }
}
