// Who may say what, and what may come along. A process that says anything else is none of ours any
// more: it runs foreign code, and that code has its channel in hand.
#pragma once

#include <cstddef>

#include "wire/messages.hpp"

namespace hupd::wire {

enum class Speaker { Zygote, Worker };

bool may_say(Speaker speaker, const Message& message);

// At most, with a message to the master.
std::size_t descriptors_with(const Message& message);

}  // namespace hupd::wire
