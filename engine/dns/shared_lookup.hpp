#pragma once

#include <memory>
#include <string>

#include "engine/async/clock.hpp"
#include "engine/dns/resolver.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// The look-up that the Resolvers of several threads have in common: each name once at a time, whichever
/// thread wants it, and its answer for all of them until it is `ttl` old.
///
/// Blocks, as a Resolver's look-up may: whoever comes while a name is being looked up waits for that answer.
/// A failure is given to those who wait for it and is not kept; the Resolvers do that. Any thread; copies are
/// the same look-up.
class SharedLookup {
 public:
  SharedLookup(Lookup lookup, async::Duration ttl);

  Result<Addresses> operator()(const std::string& host) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace leat::http
