#pragma once

#include <string>
#include <utility>
#include <vector>

namespace leat::pipelines {

/// What the state of a run says about that run: names and texts, such as "spec" and its canonical form. No
/// secrets.
using JournalConfig = std::vector<std::pair<std::string, std::string>>;

/// In what the runs differ, in words: "spec was …, now it is …". An empty text says that they are the same.
[[nodiscard]] std::string first_difference(const JournalConfig& theirs, const JournalConfig& ours);

}  // namespace leat::pipelines
