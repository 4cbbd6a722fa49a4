#pragma once

#include <memory>
#include <string>

#include "engine/async/clock.hpp"
#include "engine/dns/resolver.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// The look-up that the Resolvers of several threads share. It looks up each name only once at a time,
/// whichever thread wants it, and gives its answer to all of them until it is `ttl` old.
///
/// It blocks, as a Resolver's look-up may: whoever asks for a name that is being looked up waits for that
/// answer. A failure goes to those who wait for it and is not kept here, because the Resolvers keep it. Any
/// thread; copies are the same look-up.
class SharedLookup {
 public:
  SharedLookup(Lookup lookup, async::Duration ttl);

  Result<Addresses> operator()(const std::string& host) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace leat::http
