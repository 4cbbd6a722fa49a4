#include "cli/options/blank_secrets.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string_view>

#include "cli/options/table/named_option.hpp"
#include "cli/options/table/option_table.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/spec/hidden_secrets.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;
using pipelines::Secret;

void blank(char* text) noexcept { std::memset(text, '*', std::strlen(text)); }

// Where the text that may be seen has stars, the other one gets them too: one for each of its bytes.
void blank_as(std::string_view shown, char* text) {
  while (*text != '\0' && !shown.empty()) {
    const auto size = std::max<std::size_t>(1, text::character_length(text));
    const bool is_hidden = shown.front() == '*';
    if (is_hidden) std::memset(text, '*', size);
    shown.remove_prefix(std::min(shown.size(), is_hidden ? 1 : size));
    text += size;
  }
}

// A value from outside may go to an argument that is secret, and only its name is worth reading.
void blank_set(char* value) {
  char* const equals = std::strchr(value, '=');
  if (equals != nullptr) blank(equals + 1);
}

// "https://user:password@host/"; the text may be one of several in a value.
void blank_userinfo(char* text) {
  const std::string_view url = text;
  const auto begin = url.find("://");
  const auto at = url.find('@');
  if (begin == url.npos || at == url.npos || http::without_userinfo(url) == url) return;
  if (begin + 3 < at) std::memset(text + begin + 3, '*', at - begin - 3);
}

// "Name: value" keeps its name, "FILE:PASS" its file.
void blank_value(const Option& option, char* value) {
  if (option.name == "set") return blank_set(value);
  if (!pipelines::is_secret(option.secret, value)) return;
  if (option.secret == Secret::url) return blank_userinfo(value);
  const bool has_name = option.secret == Secret::header || option.secret == Secret::pass;
  char* const colon = has_name ? std::strpbrk(value, ":;") : nullptr;
  blank(colon != nullptr ? colon + 1 : value);
}

void blank_options(unsigned place, std::span<char*> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    char* const argument = arguments[i];
    if (argument[0] != '-' || argument[1] == '\0') {
      if ((place & (pipelines::kRun | pipelines::kCheck)) != 0) {
        blank_as(pipelines::with_hidden_secrets(argument, pipelines::stage_signatures()), argument);
      } else {
        blank_userinfo(argument);
      }
      continue;
    }
    if (std::strcmp(argument, "--") == 0) continue;  // what follows are operands, as others may be
    const auto named = option_in(options_at(place), argument);
    if (named.option == nullptr) continue;
    if (named.value > 0) {
      blank_value(*named.option, argument + named.value);
    } else if (++i < arguments.size()) {
      blank_value(*named.option, arguments[i]);
    }
  }
}

}  // namespace

void blank_secrets(std::span<char*> argv) noexcept {
  if (argv.size() < 3) return;
  try {
    for (const auto& command : kCommandNames) {
      if (command.name == argv[1]) blank_options(command.place, argv.subspan(2));
    }
  } catch (const std::exception&) {
    // Out of memory: the command itself will say so.
  }
}

}  // namespace leat::cli
