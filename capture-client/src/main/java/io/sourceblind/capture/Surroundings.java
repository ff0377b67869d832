// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.Uploader;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Everything outside that a command may touch, apart from files.
///
/// @param terminal whether a person looks on
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    String userHome,
    Clock clock,
    Uploader.Sleeper sleeper,
    RandomGenerator random,
    BooleanSupplier terminal) {}
