#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace leat::pipelines {

/// What a JqWorker's process evaluates, since it can't be stopped otherwise.
struct WorkerProgram {
  enum class Kind : std::uint32_t {
    jq,    // the text is a program, a question the input's JSON
    page,  // an extractor's: see page_wire.hpp
  };
  explicit WorkerProgram(std::string t, Kind k = Kind::jq) : kind(k), text(std::move(t)) {}

  Kind kind;
  std::string text;
};

}  // namespace leat::pipelines
