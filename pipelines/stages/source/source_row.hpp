#pragma once

#include <string>

#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

// What the rows of all sources have in common.

/// The common arguments that a source refuses, and what takes them.
inline constexpr Refusals kRefusedBySources{
    .timeout = "a source has no record yet; what fetches it takes timeout=",
    .n = "a source makes one record after the other; n= of fetch says how many are fetched at once"};

/// The argument of a source that reads a file.
inline constexpr ArgRow kFileRow{
    .name = "FILE", .type = ArgType::path, .help = "the file to read; - is standard input (default -)"};

/// A `facts` of all sources.
template <class Args>
[[nodiscard]] StageFacts facts_of_source(const Args& args) {
  StageFacts facts{.reads_body = false, .ends_by_itself = true, .reach = 0};
  if constexpr (requires { args.path; }) facts.input = args.path;
  return facts;
}

}  // namespace leat::pipelines
