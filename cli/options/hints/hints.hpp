#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/options/table/option_table.hpp"
#include "engine/error.hpp"
#include "pipelines/options/option.hpp"

namespace leat::cli {

/// What people type who know another tool, and what leat has for it.
///
/// A hint is a clause that stands behind a semicolon. It names options of its own command only, says what to
/// do, and says plainly where leat has nothing of the kind. Tests hold all three.
struct Synonym {
  std::string_view words;  // as they are typed, with blanks between: "-m --max-time"; "--bt-*" is a family
  std::string_view hint;   // "use --timeout T"
  std::string_view of_number;  // the same for a value that is a number, which {} stands for; may be empty
};

/// An option that leat has, with a value that shows that another tool's option of that name was meant.
struct OddValue {
  enum class Is : std::uint8_t {
    url,      // http:// or https://
    number,   // 16, 1.5, 10k
    time,     // 30s, 10min
    nothing,  // it stands last, without a value
    follows,  // the option is a switch, and a number stands behind it
  };
  std::string_view option;  // its long name, without dashes
  Is is;
  std::string_view hint;
};

/// Both for one command.
struct OtherTools {
  std::string_view command;  // "get"
  std::span<const Synonym> words;
  std::span<const OddValue> values;
};

[[nodiscard]] const OtherTools& get_hints() noexcept;
[[nodiscard]] const OtherTools& bench_hints() noexcept;
[[nodiscard]] const OtherTools& run_hints() noexcept;
[[nodiscard]] const OtherTools& check_hints() noexcept;
[[nodiscard]] const OtherTools& work_hints() noexcept;
/// Those of the command that has its options there; kGet and the like.
[[nodiscard]] const OtherTools& hints_at(unsigned place) noexcept;

/// The row that has this word, or else the family that it belongs to; null if none has.
[[nodiscard]] const Synonym* find_synonym(std::span<const Synonym> rows, std::string_view word) noexcept;

/// What is said of an argument that begins with a dash and is no option: that there is none, and what was
/// meant. In this order: a synonym, another spelling of a name, an option of another command, an argument of
/// a stage, the nearest name. `all` is the whole command line, in which the value is looked up.
[[nodiscard]] Error unknown_option(OptionRows rows, const OtherTools& tools,
                                   std::span<const std::string_view> all, std::string_view argument);

/// `-timeout 30`: a long name, or a synonym of one, behind one dash, which would be read as single letters.
[[nodiscard]] Status check_dashes(OptionRows rows, const OtherTools& tools,
                                  std::span<const std::string_view> all);

/// The hint for an option with this value, such as a URL where a directory is taken; empty: nothing is odd
/// about it. An empty `value` is one that is missing.
[[nodiscard]] std::string_view odd_value(const OtherTools& tools, const pipelines::Option& option,
                                         std::string_view value);

/// `-O --retry 3`: an option stands where the value of the one before it has to be. What is meant so is
/// written as one word, `--user-agent=--retry`.
[[nodiscard]] Status check_missing_values(OptionRows rows, const OtherTools& tools,
                                          std::span<const std::string_view> all);

/// `-s 16`: a number behind a switch, which would be read as a URL.
[[nodiscard]] Status check_numbers(OptionRows rows, const OtherTools& tools,
                                   std::span<const std::string_view> all);

}  // namespace leat::cli
