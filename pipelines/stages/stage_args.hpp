#pragma once

#include <optional>
#include <span>
#include <string>

#include "pipelines/flow/program.hpp"
#include "pipelines/options/arg_reader.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// The row of a jq program.
constexpr ArgRow program_row(std::string_view key, std::string_view help, bool required = false) {
  ArgRow row;
  row.key = key;
  row.name = "(JQ)";
  row.type = ArgType::jq;
  row.help = help;
  row.required = required;
  row.check = check_program;
  return row;
}

/// n= of a stage whose programs may be libjq's; `only_with`: the key of its program, if it may have none.
constexpr ArgRow asked_row(std::string_view only_with = {}) {
  ArgRow row;
  row.key = "n";
  row.name = "N";
  row.type = ArgType::count;
  row.help = "records at once with libjq, where the program needs it (default 64)";
  row.least = 1;
  row.most = 65535;
  row.only_with = only_with;
  return row;
}

// What the stages take, and how that becomes a struct: for each stage its rows and its binder; `verify` where
// arguments have to fit each other.

template <class Args>
StageArgs bind_path(const BoundStage& stage) {
  Args args;
  ArgReader(stage).read("FILE", args.path);
  return args;
}

template <class Args>
StageArgs bind_program(const BoundStage& stage) {
  Args args;
  ArgReader(stage).read("(JQ)", args.program);
  return args;
}

template <class Args>
StageArgs bind_number(const BoundStage& stage) {
  Args args;
  ArgReader(stage).read("N", args.n);
  return args;
}

template <class Args>
StageArgs bind_nothing(const BoundStage& /*stage*/) {
  return Args();
}

[[nodiscard]] std::span<const ArgRow> file_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> csv_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> urls_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> expand_rows() noexcept;
[[nodiscard]] StageArgs bind_csv(const BoundStage& stage);
[[nodiscard]] StageArgs bind_urls(const BoundStage& stage);
[[nodiscard]] StageArgs bind_expand(const BoundStage& stage);

[[nodiscard]] std::span<const ArgRow> paginate_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> crawl_rows() noexcept;
[[nodiscard]] StageArgs bind_fetch_stage(const BoundStage& stage);
[[nodiscard]] StageArgs bind_paginate(const BoundStage& stage);
[[nodiscard]] StageArgs bind_crawl(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_fetch(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_paginate(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_crawl(const BoundStage& stage);

[[nodiscard]] std::span<const ArgRow> program_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> set_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> extract_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> dedupe_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> limit_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> skip_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> sample_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> hash_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> exec_rows() noexcept;
[[nodiscard]] StageArgs bind_set(const BoundStage& stage);
[[nodiscard]] StageArgs bind_extract(const BoundStage& stage);
[[nodiscard]] StageArgs bind_dedupe(const BoundStage& stage);
[[nodiscard]] StageArgs bind_sample(const BoundStage& stage);
[[nodiscard]] StageArgs bind_hash(const BoundStage& stage);
[[nodiscard]] StageArgs bind_exec(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_set(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_extract(const BoundStage& stage);

[[nodiscard]] std::span<const ArgRow> batch_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> rate_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> delay_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> ordered_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> tee_rows() noexcept;
[[nodiscard]] StageArgs bind_batch(const BoundStage& stage);
[[nodiscard]] StageArgs bind_rate(const BoundStage& stage);
[[nodiscard]] StageArgs bind_delay(const BoundStage& stage);
[[nodiscard]] StageArgs bind_ordered(const BoundStage& stage);
[[nodiscard]] StageArgs bind_tee(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_batch(const BoundStage& stage);
/// Of stages in which records fail for taking too long, and for nothing else.
[[nodiscard]] std::optional<std::string> verify_waiting(const BoundStage& stage);

[[nodiscard]] std::span<const ArgRow> save_rows() noexcept;
/// on-exist='s word for it.
[[nodiscard]] std::string_view to_word(OnExist how) noexcept;
[[nodiscard]] std::optional<std::string> verify_save(const BoundStage& stage);
[[nodiscard]] std::span<const ArgRow> write_rows() noexcept;
[[nodiscard]] std::span<const ArgRow> count_rows() noexcept;
[[nodiscard]] StageArgs bind_save(const BoundStage& stage);
[[nodiscard]] StageArgs bind_write(const BoundStage& stage);
[[nodiscard]] StageArgs bind_count(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_write(const BoundStage& stage);
[[nodiscard]] std::optional<std::string> verify_count(const BoundStage& stage);

}  // namespace leat::pipelines
