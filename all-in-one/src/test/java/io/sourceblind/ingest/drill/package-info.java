// SPDX-License-Identifier: Apache-2.0
/// Kills the ingest API and its Postgres at random while devices send, and compares what was
/// acknowledged with what is stored. The service is a black box here: a process, HTTP, a database.
@NullMarked
package io.sourceblind.ingest.drill;

import org.jspecify.annotations.NullMarked;
