// SPDX-License-Identifier: Apache-2.0

/// Reduces a shell command to its skeleton. {@link io.sourceblind.capture.command.CommandLine}
/// reads a command as a shell would and keeps, for each simple command in it, the program,
/// subcommand and names of flags that a closed catalogue knows. Arguments, here-documents, bodies
/// of `-c` and `-e`, redirections and substitutions are skipped, not filtered: nothing copies them.
@NullMarked
package io.sourceblind.capture.command;

import org.jspecify.annotations.NullMarked;
