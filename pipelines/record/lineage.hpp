#pragma once

#include <memory>
#include <utility>

namespace leat::pipelines {

class Lineage;
using LineageRef = std::shared_ptr<const Lineage>;

/// A record and all that came of it in one part of a pipeline: lives as long as one of them is in that part.
///
/// What must know when all are done (`ordered`, `crawl`, the journal) derives from it and acts in its
/// destructor. Parts nest as blocks do, so the lineage that a record holds is that of the innermost part it
/// is in, `outer` the one around that. Loop thread only; what the destructor needs outlives all records.
class Lineage {
 public:
  explicit Lineage(LineageRef outer) noexcept : outer_(std::move(outer)) {}
  Lineage(const Lineage&) = delete;
  Lineage& operator=(const Lineage&) = delete;
  virtual ~Lineage() = default;

  [[nodiscard]] const LineageRef& outer() const noexcept { return outer_; }

 private:
  LineageRef outer_;
};

}  // namespace leat::pipelines
