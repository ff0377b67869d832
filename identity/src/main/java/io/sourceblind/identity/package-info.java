// SPDX-License-Identifier: Apache-2.0
/// Who someone is and what they may do: organizations with their teams and people, the credentials
/// that people and machines show, and the filters that turn a shown credential into a [Principal].
/// What a credential is worth is decided in one place, [Credentials#open], and on every request.
@NullMarked
package io.sourceblind.identity;

import org.jspecify.annotations.NullMarked;
