#include "wire/speech.hpp"

#include <type_traits>

namespace hupd::wire {

namespace {

template <typename M, typename... Some>
constexpr bool is_one_of = (std::is_same_v<M, Some> || ...);

template <typename M>
constexpr bool is_zygotes = is_one_of<M, Copied, Loaded, Forked, ForkFailed, Failed>;
template <typename M>
constexpr bool is_workers = is_one_of<M, Ready, Awaits, Took, Left, AsksToGo, Worn, Unwell, Well,
                                      Released, HandoverEnded, Leaving, Failed>;

}  // namespace

bool may_say(Speaker speaker, const Message& message) {
  return std::visit(
      [speaker]<typename M>(const M&) {
        return speaker == Speaker::Zygote ? is_zygotes<M> : is_workers<M>;
      },
      message);
}

std::size_t descriptors_with(const Message& message) {
  return std::visit(
      []<typename M>(const M&) -> std::size_t { return is_one_of<M, Forked, Left> ? 1 : 0; },
      message);
}

}  // namespace hupd::wire
