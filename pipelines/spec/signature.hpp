#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

struct BoundStage;
struct Signature;
class StageRow;

/// Where a stage may stand: a `source` only as the first, a `sink` only as the last. A `part` is no stage,
/// but one of a block of parts (ArgRow::parts).
enum class StageKind : std::uint8_t { source, stage, record, sink, part };

/// What one argument takes, with how it is written and what it becomes (see spec/bound.hpp).
enum class ArgType : std::uint8_t {
  flag,      // true, false                              bool
  word,      // one of `choices`                         text
  text,      // any word or quoted text, taken as it is  text
  path,      // the name of a file; quoted or a word     text
  url,       // a word or quoted text                    text
  header,    // "Name: value"                            text
  list,      // a,b,c                                    list of texts
  count,     // 50, 100k, 2M (powers of 1000)            integer
  fraction,  // 0.1, 10%                                 number
  size,      // 10MB, 16MiB, 4096                        integer, in bytes
  duration,  // 30s, 250ms, 10min, 1h; a bare number is in seconds   integer, in nanoseconds
  rate,      // 50/s, 10/min, 1000/h                     number, a second
  statuses,  // 4xx,5xx,404                              ranges of integers
  jq,        // ( program )                              text
  temp,      // "text with {field}", or a word           text
  regex,     // quoted text                              text
  xpath,     // quoted text                              text
  css,       // quoted text                              text
  expr,      // ( program ), or what `temp` takes        text
  block,     // { pipeline }                             pipeline
};

/// One argument of a stage. A row without a `key` is positional; a positional row that is `repeatable` comes
/// last.
struct ArgRow {
  std::string_view key{};   // empty if it is positional
  std::string_view name{};  // how help calls its value: N, T, FILE, TEMPLATE, …
  ArgType type = ArgType::text;
  std::string_view help{};  // one line
  bool required = false;
  bool repeatable = false;
  // For a `word`; for other types, words with a meaning of their own.
  std::span<const std::string_view> choices{};
  std::uint64_t least = 0;  // for a count, size or duration (ns)
  std::uint64_t most = UINT64_MAX;
  TextCheck check = nullptr;          // for what an embedded text says
  TextCheck program_check = nullptr;  // for an `expr` that is a program
  /// The value as it may be printed, with what is secret in it left out; null if nothing ever is.
  std::string (*shown)(const std::string& value) = nullptr;
  // The default, as it would be written; empty if `help` says it or there is none.
  std::string_view standard{};
  std::string_view only_with{};  // the key without which it would mean nothing; empty if there is none
  /// For a block: what leaves its last stage goes back to the stage that the block belongs to, so a sink in
  /// it is an error. Any other block ends in a sink, which is `write json` if the spec names none.
  bool open_end = false;
  /// For a block that is no pipeline but a list of parts, `name key=value …`: what a part takes. They are
  /// bound as stages are. Null for any other block.
  const Signature* parts = nullptr;
};

/// Says why a stage does not take one of the arguments that all stages share, and what it offers instead. If
/// a text is empty, the stage takes the argument, with the meaning of common_args.
struct Refusals {
  std::string_view on_error{};
  std::string_view timeout{};
  std::string_view n{};
};

/// What the language knows of a stage: its name, and its arguments as they are written.
struct Signature {
  std::string_view name{};  // a name may have two signatures, if one of them is a source
  StageKind kind = StageKind::stage;
  std::string_view help{};     // one line
  std::string_view example{};  // a whole spec that uses it and runs as it stands
  std::span<const ArgRow> args{};
  // If not `flag`, the stage takes `key=value` with any dotted path as the key, and values of this type
  // (set).
  ArgType any_key = ArgType::flag;
  TextCheck any_key_check = nullptr;
  TextCheck any_key_program_check = nullptr;
  TextCheck any_key_name_check = nullptr;  // for the key itself
  /// Says what is wrong with the arguments together when each of them is right by itself.
  std::optional<std::string> (*verify)(const BoundStage& stage) = nullptr;
  Refusals refuses{};
  const StageRow* row = nullptr;  // what else is known of the stage; not the language's business
};

/// Gives the rows of on-error={…}, timeout=T and n=N, which every stage takes unless it refuses them; a
/// stage's own row with the same key takes precedence.
[[nodiscard]] std::span<const ArgRow> common_args() noexcept;

/// Says why the stage does not take one of them; empty if it does.
[[nodiscard]] std::string_view refusal(const Signature& signature, const ArgRow& common) noexcept;

}  // namespace leat::pipelines
