package io.gaol.testing.host;

import java.time.Duration;

/**
 * How a plugin went.
 *
 * @param byItself whether it ended in the time it had; otherwise SIGKILL ended it
 * @param time from the call {@code Shutdown} until the process was gone and nobody held its stdout
 *     and stderr any more
 */
public record Killed(boolean byItself, Duration time) {}
