#pragma once

#include "engine/async/task.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// A stage of a run that is part of a job, whose records wait in the job: they come back to it, past the
/// stages before it, in the process that has their origin. Loop thread only.
class Reentry {
 public:
  virtual ~Reentry() = default;
  /// Awaits that few are left here to begin with, so that many come at once then.
  virtual async::Task<void> wait_until_short() = 0;
  /// Awaits room. False if nobody wants such records any more.
  virtual async::Task<bool> come_back(RecordPtr record) = 0;
};

}  // namespace leat::pipelines
