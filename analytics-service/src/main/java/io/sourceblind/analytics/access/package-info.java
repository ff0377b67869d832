// SPDX-License-Identifier: Apache-2.0
/// The doors of the pages: who may open which, what is written down before anything is read, and
/// how somebody signs in. A page gets to data through a [Reading] and in no other way.
@NullMarked
package io.sourceblind.analytics.access;

import org.jspecify.annotations.NullMarked;
