#pragma once

#include <cstdint>
#include <string>

#include "engine/text/secrets.hpp"
#include "pipelines/record/ledger.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/state/run_state.hpp"

namespace leat::pipelines {

/// A record of the source and all that came of it, of which a run's state is told how they ended. Who derives
/// from it tells that in its destructor. The secrets outlive it.
class RootFamily : public Family {
 public:
  RootFamily(const text::Secrets& secrets, const Record& record, std::uint64_t hash);

  [[nodiscard]] std::uint64_t root_id() const noexcept override { return end_.id; }
  void count(Outcome outcome) noexcept override;
  /// Of several failures the first one is shown.
  void explain(const Record& failed) override;
  /// Whether work on it may start, or be tried again, now. False: another process does it.
  [[nodiscard]] virtual bool may_start() { return true; }
  /// Whether records of that place belong to this process while this one does.
  [[nodiscard]] virtual bool is_at(std::uint64_t /*place*/) const noexcept { return true; }
  /// In which part of its origin it is, in a run that is part of a job.
  [[nodiscard]] virtual std::size_t part() const noexcept { return 0; }

 protected:
  /// To be taken once, at its end.
  [[nodiscard]] RootEnd take_end() noexcept;

 private:
  // Is asked before a text is cut, which could leave a part of a secret.
  [[nodiscard]] std::string hidden(std::string text) const;

  const text::Secrets& secrets_;
  RootEnd end_;
};

/// These say the same of a record of that family, whichever source's record it came of.
[[nodiscard]] bool may_start(const FamilyRef& family);
/// False also for a record that came of several.
[[nodiscard]] bool is_at(const FamilyRef& family, std::uint64_t place);
[[nodiscard]] std::size_t part_of(const FamilyRef& family) noexcept;

}  // namespace leat::pipelines
