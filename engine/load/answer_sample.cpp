#include "engine/load/answer_sample.hpp"

#include <algorithm>
#include <utility>

namespace leat::load {

AnswerSample::AnswerSample(std::size_t threads)
    : most_(std::max<std::size_t>(2, kMost / std::max<std::size_t>(1, threads))),
      most_bytes_(kMostBytes / std::max<std::size_t>(1, threads)) {}

void AnswerSample::keep(SampledAnswer answer) {
  bytes_ += answer.body.size();
  kept_.push_back(std::move(answer));
  while (kept_.size() > 1 && (kept_.size() > most_ || bytes_ > most_bytes_)) {
    std::vector<SampledAnswer> rest;
    bytes_ = 0;
    for (std::size_t i = 0; i < kept_.size(); i += 2) {
      bytes_ += kept_[i].body.size();
      rest.push_back(std::move(kept_[i]));
    }
    kept_ = std::move(rest);
    step_ *= 2;
  }
}

std::vector<SampledAnswer> AnswerSample::take() noexcept { return std::exchange(kept_, {}); }

}  // namespace leat::load
