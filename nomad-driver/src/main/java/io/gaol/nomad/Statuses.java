package io.gaol.nomad;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.gaol.goplugin.PluginLog;
import io.gaol.nomad.proto.shared.RecoverableError;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/**
 * What was thrown, as a status of gRPC. Its code is UNKNOWN, as of drivers in Go; never UNAVAILABLE
 * or CANCELLED, by which an agent understands that the plugin is gone.
 */
final class Statuses {
  private static final PluginLog LOG = PluginLog.toStderr("nomad-driver");

  /** A status travels in a header, for which there are limits; what is longer is in the log. */
  private static final int LONGEST_MESSAGE = 16_384;

  private Statuses() {}

  /**
   * The status of what a call has thrown. What no driver throws on purpose is logged, with where it
   * comes from.
   */
  static StatusRuntimeException of(String call, Throwable thrown) {
    if (thrown instanceof DriverException refused) {
      return refused.isRecoverable()
          ? recoverable(text(call, refused))
          : plain(text(call, refused));
    }
    return plain(text(call, thrown));
  }

  /** What an operator is told of what a call has thrown. */
  static String text(String call, Throwable thrown) {
    return switch (thrown) {
      case DriverException refused -> shortened(call, said(refused));
      case InterruptedException interrupted -> {
        LOG.warn(call + " was interrupted", "error", interrupted);
        yield call + " was interrupted before it was done";
      }
      default -> {
        LOG.error("a bug in the driver: " + call, "error", thrown);
        yield shortened(call, "a bug in the driver (its log has more): " + call + ": " + thrown);
      }
    };
  }

  /** An exception without words still has a name. */
  private static String said(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.toString() : message;
  }

  private static String shortened(String call, String text) {
    if (text.length() <= LONGEST_MESSAGE) {
      return text;
    }
    LOG.warn(call + ": " + text);
    return text.substring(0, LONGEST_MESSAGE) + " ... (the driver's log has all of it)";
  }

  private static StatusRuntimeException plain(String text) {
    return io.grpc.Status.UNKNOWN.withDescription(text).asRuntimeException();
  }

  /** An agent looks at the first detail. */
  private static StatusRuntimeException recoverable(String text) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.FAILED_PRECONDITION.value())
            .setMessage(text)
            .addDetails(Any.pack(RecoverableError.newBuilder().setRecoverable(true).build()))
            .build());
  }
}
