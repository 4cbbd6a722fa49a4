#pragma once

#include <string>
#include <vector>

#include "pipelines/plan/arg_values.hpp"

namespace leat::pipelines {

/// Say whether a text among a stage's arguments reads the body, for StageFacts::reads_body. An empty text
/// reads nothing.
[[nodiscard]] bool program_reads_body(const std::string& text);
[[nodiscard]] bool template_reads_body(const std::string& text);
/// The same for a path to a field, such as meta.k.
[[nodiscard]] bool path_reads_body(const std::string& path);
/// Whether such a text reads anything that a fetch brought.
[[nodiscard]] bool program_reads_answer(const std::string& text);
[[nodiscard]] bool template_reads_answer(const std::string& text);
/// Whether one of the places that get new values is the URL, or a part of it.
[[nodiscard]] bool names_url(const Changes& changes);

/// What `leat check` says about such a text: "needs url status", or that all of the record is needed.
[[nodiscard]] std::string program_note(const std::string& text);
[[nodiscard]] std::string template_note(const std::string& text);
[[nodiscard]] std::string fields_note(const std::vector<std::string>& fields);

/// Appends a note to others, unless it is empty.
void add_note(std::string& notes, const std::string& note);

}  // namespace leat::pipelines
