#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/plan/arg_reader.hpp"
#include "pipelines/plan/stage_row.hpp"

namespace leat::pipelines {

// What the file of a stage makes its row of:
//
//   const StageRow& row_of(const LimitArgs&) noexcept {
//     static const StageType<LimitArgs> row({
//         .signature = {.name = "limit", .kind = StageKind::record, .help = "…", .example = "…"},
//         .args = {arg<&LimitArgs::n>({.name = "N", .type = ArgType::count, .help = "how many"})},
//         .make = make_stage<RecordOp, Limit>,
//         …
//     });
//     return row;
//   }
//
// A definition that leaves out what has to be said does not compile.

/// An argument of a stage: what the language knows of it, and how it gets into the stage's struct.
template <class Args>
struct Argument {
  ArgRow row;
  /// Called if the argument is written. Null: all stages share the argument (n=), or `bind_rest` reads it.
  void (*read)(const ArgReader& reader, const ArgRow& row, Args& args) = nullptr;
  const PlanPtr& (*block)(const Args& args) = nullptr;

  Argument(ArgRow own, decltype(read) reads = nullptr) noexcept : row(own), read(reads) {}
};

namespace detail {

template <class T>
struct MemberOf;
template <class T, class C>
struct MemberOf<T C::*> {
  using Class = C;
  using Type = T;
};

}  // namespace detail

/// The argument that `Member` of the struct is for. Words of an enum stand in its order in the row's choices.
template <auto Member>
[[nodiscard]] auto arg(ArgRow row) {
  using Args = typename detail::MemberOf<decltype(Member)>::Class;
  using Type = typename detail::MemberOf<decltype(Member)>::Type;
  Argument<Args> made(row, [](const ArgReader& reader, const ArgRow& own, Args& args) {
    const auto key = own.key.empty() ? own.name : own.key;
    if constexpr (std::is_enum_v<Type>) {
      reader.read_choice(key, args.*Member);
    } else if constexpr (std::is_same_v<Type, std::vector<std::string>>) {
      if (own.repeatable) {
        args.*Member = reader.texts(key);
      } else {
        reader.read(key, args.*Member);
      }
    } else {
      reader.read(key, args.*Member);
    }
  });
  if constexpr (std::is_same_v<Type, PlanPtr>) {
    made.block = [](const Args& args) -> const PlanPtr& { return args.*Member; };
  }
  return made;
}

/// The row of an argument that is a jq program.
[[nodiscard]] ArgRow program_row(std::string_view key, std::string_view help, bool required = false);

/// n= of a stage whose programs may be libjq's; `only_with`: the key of its program, if it may have none.
[[nodiscard]] ArgRow asked_row(std::string_view only_with = {});

/// A `verify` of stages in which records fail for taking too long, and for nothing else.
[[nodiscard]] std::optional<std::string> verify_waiting(const BoundStage& stage);

/// All that a stage's file says about its stage.
template <class Args>
struct StageDefinition {
  Signature signature;  // its `args` come from the arguments here
  std::vector<Argument<Args>> args = {};
  Given<Result<AnyStage> (*)(const Args& args, RunContext& context)> make;
  Given<StageFacts (*)(const Args& args)> facts;
  Given<std::string (*)(const Args& args)> notes;
  // For what the arguments above do not say:
  std::span<const ArgRow> more_args{};
  void (*bind_rest)(const BoundStage& stage, Args& args) = nullptr;
  Status (*check)(const Args& args) = nullptr;
  Status (*check_input)(const Args& args) = nullptr;
  const FetchArgs& (*fetch)(const Args& args) = nullptr;
};

/// The row of a stage, made of its definition.
template <class Args>
class StageType final : public StageRow {
 public:
  explicit StageType(StageDefinition<Args> definition)
      : StageRow(definition.signature), definition_(std::move(definition)) {
    for (const auto& arg : definition_.args) rows_.push_back(arg.row);
    rows_.insert(rows_.end(), definition_.more_args.begin(), definition_.more_args.end());
    signature.args = rows_;
  }

  StageArgs bind(const BoundStage& stage) const override { return typed(stage); }
  Result<AnyStage> make(const StageArgs& args, RunContext& context) const override {
    return definition_.make.get()(own(args), context);
  }
  StageFacts facts(const StageArgs& args) const override { return definition_.facts.get()(own(args)); }
  std::string notes(const StageArgs& args) const override { return definition_.notes.get()(own(args)); }
  Status check(const StageArgs& args) const override {
    return definition_.check == nullptr ? std::nullopt : definition_.check(own(args));
  }
  Status check_input(const StageArgs& args) const override {
    return definition_.check_input == nullptr ? std::nullopt : definition_.check_input(own(args));
  }
  const FetchArgs* fetch(const StageArgs& args) const override {
    return definition_.fetch == nullptr ? nullptr : &definition_.fetch(own(args));
  }
  std::vector<Block> blocks(const StageArgs& args) const override {
    std::vector<Block> blocks;
    for (const auto& arg : definition_.args) {
      if (arg.block != nullptr) blocks.push_back({&arg.row, &arg.block(own(args))});
    }
    return blocks;
  }

 private:
  static const Args& own(const StageArgs& args) noexcept { return *args.get_if<Args>(); }

  Args typed(const BoundStage& stage) const {
    const ArgReader reader(stage);
    Args args;
    for (const auto& arg : definition_.args) {
      const bool written = reader.has(arg.row.key.empty() ? arg.row.name : arg.row.key);
      if (arg.read != nullptr && written) arg.read(reader, arg.row, args);
    }
    if (definition_.bind_rest != nullptr) definition_.bind_rest(stage, args);
    return args;
  }

  StageDefinition<Args> definition_;
  std::vector<ArgRow> rows_;
};

/// A `make` of a stage whose constructor takes its arguments and the context.
template <class Kind, class Made, class Args>
[[nodiscard]] Result<AnyStage> make_stage(const Args& args, RunContext& context) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(args, context)));
}

/// A `make` of a stage whose constructor takes its arguments alone.
template <class Kind, class Made, class Args>
[[nodiscard]] Result<AnyStage> make_alone(const Args& args, RunContext& /*context*/) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(args)));
}

/// A `notes` of a stage that has nothing to say.
template <class Args>
[[nodiscard]] std::string no_notes(const Args& /*args*/) {
  return {};
}

}  // namespace leat::pipelines
