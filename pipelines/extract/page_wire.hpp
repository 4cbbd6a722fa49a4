#pragma once

#include <string>
#include <string_view>

#include "pipelines/expr/worker_program.hpp"
#include "pipelines/extract/extractor.hpp"

namespace leat::pipelines {

/// How an extractor and the pages it is asked about travel to a JqWorker's process. The answer's one output
/// is the extractor's array.
[[nodiscard]] WorkerProgram page_program(const Extractor::What& what);
/// Of a page_program's text.
[[nodiscard]] Extractor::What page_program_of(std::string_view text);

struct PageQuestion {
  std::string_view content_type;
  std::string_view url;
  std::string_view body;

  friend bool operator==(const PageQuestion&, const PageQuestion&) = default;
};
[[nodiscard]] std::string page_question(const PageQuestion& page);
/// Refers to the text.
[[nodiscard]] PageQuestion page_question_of(std::string_view text);

}  // namespace leat::pipelines
