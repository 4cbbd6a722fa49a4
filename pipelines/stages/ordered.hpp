#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// ordered: puts records back into the order of their ids.
///
/// It always receives; what bounds it is the window of places, of which the source takes one for each record
/// before reading it and which comes back when the record is sent on from here. To refuse records here could
/// stop the very one that all others wait for.
class Ordered final : public Stage {
 public:
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  std::map<std::uint64_t, RecordPtr> early_;
  std::uint64_t next_ = 1;
};

}  // namespace leat::pipelines
