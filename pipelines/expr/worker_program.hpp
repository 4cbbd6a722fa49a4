#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace leat::pipelines {

/// A program that the process of a JqWorker evaluates, because it could not be stopped here.
struct WorkerProgram {
  enum class Kind : std::uint32_t {
    jq,    // the text is a program, and a question is the input's JSON
    page,  // the text is an extractor's: see page_wire.hpp
  };
  explicit WorkerProgram(std::string t, Kind k = Kind::jq) : kind(k), text(std::move(t)) {}

  Kind kind;
  std::string text;
};

}  // namespace leat::pipelines
