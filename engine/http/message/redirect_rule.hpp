#pragma once

#include <string>

#include "engine/error.hpp"

namespace leat::http {

/// Says whether a redirect may be followed, for a request that has one of these.
///
/// It is asked on the thread of the transfer, before anything is sent to where the redirect leads, and once
/// for each hop. It outlives the transfer.
class RedirectRule {
 public:
  virtual ~RedirectRule() = default;

  /// `target` is an absolute URL of http or https. An Error ends the request with it.
  [[nodiscard]] virtual Status check(const std::string& target) const = 0;
};

}  // namespace leat::http
