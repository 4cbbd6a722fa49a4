#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// Gives an argument's text as it may be printed, with what is secret in it left out: as its row says or, of
/// a key that stands for a header field (set header.NAME=), as the field's name says. There a template with
/// fields stays, since it says where a secret comes from.
[[nodiscard]] std::string shown_text(const BoundArg& arg, const std::string& text);

/// Gives the text of a spec, which may be a broken one, with '*' for each character of what is secret in it:
/// values that stand in the place of a secret argument, such as bearer=, as the rows of the signatures know
/// them, and the userinfo of URLs. All other characters and the line ends keep their places. What names a
/// value instead of being it stays: $name, env:NAME, secret:NAME, file:PATH, a program, a template's {field}.
[[nodiscard]] std::string with_hidden_secrets(std::string_view text, std::span<const Signature> signatures);

}  // namespace leat::pipelines
