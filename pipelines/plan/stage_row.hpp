#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

struct FetchArgs;
struct RunContext;

/// The records that find room between two stages.
inline constexpr std::size_t kBetweenStages = 64;
/// How many records may overtake one where nothing else bounds them.
inline constexpr std::size_t kAnyReach = 65'536;

/// A value that has to be given: an initializer that leaves it out does not compile.
template <class T>
class Given {
 public:
  template <std::convertible_to<T> Value>
  constexpr Given(Value value)
      : value_(static_cast<T>(std::move(value))) {}                // NOLINT(google-explicit-constructor)
  constexpr Given(T value) : value_(std::move(value)) {}           // NOLINT(google-explicit-constructor)
  constexpr operator const T&() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr const T& get() const noexcept { return value_; }

 private:
  T value_;
};

/// What an extractor does with the page that it reads. Extractors that are neighbours share it.
enum class PageUse : std::uint8_t {
  no_extractor,
  none,       // it asks a program
  as_text,    // it reads the text, and needs no parsed page
  movable,    // it reads the parsed page here, or wherever a neighbour has to read it
  elsewhere,  // it reads the parsed page in the worker's process
};

/// What becomes of a record's URL in a stage.
enum class UrlUse : std::uint8_t {
  stays,
  may_change,  // also to another host
  of_others,   // the records that leave it are others, and nothing has been fetched for them yet
};

/// What the planner asks of a stage with certain arguments. A new stage must answer the first questions; the
/// others are about abilities that few stages have.
struct StageFacts {
  Given<bool> reads_body;      // of the records that it gets; not of those that it fetches itself
  Given<bool> ends_by_itself;  // it is done with a record without waiting for a transfer or other records
  Given<std::size_t> reach;    // how many records may overtake one in it; 0: it keeps them in order
  PageUse page = PageUse::no_extractor;
  UrlUse url = UrlUse::stays;
  bool waits_for_more = false;  // keeps records until others come, however long that takes
  bool reads_answer = false;    // of a fetch: what an earlier one brought, to make the request
  bool reads_bytes = false;     // reads_body means the bytes as they came, and not a text
  bool has_entry = false;       // Stage::make_entry gives what stands at the beginning of its part
  bool takes_streams = false;   // a fetch before it writes bodies for it as they come
  bool gives_no_body = false;   // the records that it makes have none
  bool asks_again = false;      // a run that was done whole is begun again, to see what has changed
  bool runs_commands = false;   // each takes descriptors of its own
  std::string input{};          // of a source: the file that it reads; empty: none
};

/// All that is known of one stage: parser, help, manual, planner and plan texts ask its row, and nothing else
/// knows the stage. The row of a stage stands in the stage's own file, see stage_type.hpp. Rows are immutable
/// and last as long as the process; any thread.
class StageRow {
 public:
  explicit StageRow(Signature own) : signature(std::move(own)) { signature.row = this; }
  StageRow(const StageRow&) = delete;
  StageRow& operator=(const StageRow&) = delete;
  virtual ~StageRow() = default;

  Signature signature;

  // The arguments given to these are always those of this row.

  /// Of a stage of that signature; what is not written has its default.
  [[nodiscard]] virtual StageArgs bind(const BoundStage& stage) const = 0;
  /// bad_input for arguments that make no sense; does no I/O.
  [[nodiscard]] virtual Result<AnyStage> make(const StageArgs& args, RunContext& context) const = 0;
  [[nodiscard]] virtual StageFacts facts(const StageArgs& args) const = 0;
  /// What the stage looks at of a record, and what it holds, as `leat check` explains it; may be empty.
  [[nodiscard]] virtual std::string notes(const StageArgs& args) const = 0;
  /// bad_input for values that no binder would have let through.
  [[nodiscard]] virtual Status check(const StageArgs& args) const = 0;
  /// See check_input.
  [[nodiscard]] virtual Status check_input(const StageArgs& args) const = 0;
  /// What the stage fetches with; null if it does not fetch.
  [[nodiscard]] virtual const FetchArgs* fetch(const StageArgs& args) const = 0;

  /// A block among the arguments, and the argument that it is.
  struct Block {
    const ArgRow* row;
    const PlanPtr* plan;
  };
  [[nodiscard]] virtual std::vector<Block> blocks(const StageArgs& args) const = 0;
};

}  // namespace leat::pipelines
