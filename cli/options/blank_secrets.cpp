#include "cli/options/blank_secrets.hpp"

#include <cstring>
#include <exception>
#include <string_view>

#include "cli/options/table/named_option.hpp"
#include "cli/options/table/option_table.hpp"
#include "engine/http/message/url.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;
using pipelines::Secret;

void blank(char* text) noexcept { std::memset(text, '*', std::strlen(text)); }

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
      blank_userinfo(argument);
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
