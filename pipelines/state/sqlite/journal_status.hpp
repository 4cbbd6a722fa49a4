#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/record/ledger.hpp"
#include "pipelines/state/sqlite/journal_file.hpp"

namespace leat::pipelines {

/// What a journal says about its run, for --status: how many records ended how, as of the last commit. What
/// is still to come only the source knows.
struct JournalStatus {
  JournalStatus() = default;

  struct Host {
    std::string name;  // "" for records that came to no host
    std::uint64_t ended = 0;
    std::uint64_t failed = 0;
  };

  bool in_use = false;  // a run is going
  JournalConfig config;
  std::array<std::uint64_t, kOutcomes> outcomes{};            // by Outcome
  std::vector<std::pair<std::string, std::uint64_t>> errors;  // by code, the most frequent first
  std::vector<Host> hosts;                                    // those with the most failures first
  std::uint64_t hosts_in_all = 0;
  std::uint64_t frontier_live = 0;  // pages and the like that stages have given themselves
  std::uint64_t frontier_done = 0;
};

/// Reads it, from any process, also while a run writes: it neither waits for that nor holds it up. `hosts` is
/// how many to list. Refused as view_journal_file says.
Result<JournalStatus> read_journal_status(const std::string& path, std::size_t hosts);

}  // namespace leat::pipelines
