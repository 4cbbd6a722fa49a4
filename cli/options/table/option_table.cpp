#include "cli/options/table/option_table.hpp"

#include <algorithm>
#include <map>

namespace leat::cli {

using pipelines::Option;
using pipelines::OptionTopic;

std::span<const OptionTopic> all_options() {
  static const auto topics = [] {
    std::vector<OptionTopic> all{
        {"What is fetched", input_options()}, {"The spec", spec_options()}, {"The load", load_options()}};
    const auto shared = pipelines::shared_options();
    all.insert(all.end(), shared.begin(), shared.end());
    all.push_back({"The connections", connection_options()});
    all.push_back({"What is judged", judge_options()});
    all.push_back({"What is reported", report_options()});
    all.push_back({"The job", job_options()});
    all.push_back({"How it runs", session_options()});
    return all;
  }();
  return topics;
}

OptionRows options_at(unsigned place) {
  static std::map<unsigned, std::vector<const Option*>> tables;  // the main thread's alone
  auto& rows = tables[place];
  if (!rows.empty()) return rows;
  for (const auto& topic : all_options()) {
    for (const auto& option : topic.rows) {
      if ((option.at & place) != 0 && !option.name.empty()) rows.push_back(&option);
    }
  }
  return rows;
}

const Option* find_option(unsigned place, std::string_view name) {
  const auto rows = options_at(place);
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Option* row) { return row->name == name; });
  return found == rows.end() ? nullptr : *found;
}

}  // namespace leat::cli
