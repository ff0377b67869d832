// SPDX-License-Identifier: Apache-2.0

/// Layer 1: turns what an engineer wrote into plain prose, on the engineer's own machine. Raw text
/// goes in at {@link io.sourceblind.capture.redact.Redactor} and only {@link
/// io.sourceblind.capture.redact.PlainProse} comes out, a type nothing else can make. Scanners
/// written by hand find the structures that hold source, a line score finds the rest, rules find
/// secrets and personal data, and a projection onto a small alphabet makes sure that a program does
/// not fit through whatever the others missed. Anything unclear becomes a placeholder.
@NullMarked
package io.sourceblind.capture.redact;

import org.jspecify.annotations.NullMarked;
