#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat::pipelines {

class StageRow;

/// write: a line for each record, to files and to standard output ("-").
struct WriteArgs {
  enum class Format : std::uint8_t { json, csv, tsv, person, text };
  enum class Colour : std::uint8_t { automatic, always, never };
  Format format = Format::json;
  std::string text;                     // of Format::text: a template
  std::vector<std::string> fields;      // see TableField; empty: those of a result
  std::vector<std::string> include;     // body, headers, json
  std::vector<std::string> to = {"-"};  // see output_template
  bool append = false;
  bool header = true;                 // of a table
  Colour colour = Colour::automatic;  // of Format::person
};
[[nodiscard]] const StageRow& row_of(const WriteArgs& args) noexcept;

}  // namespace leat::pipelines
