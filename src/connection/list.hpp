// Intrusive lists: joining and leaving costs two pointers and no allocation.
#pragma once

namespace hupd::connection {

// A place in a ring. `Tag` lets one object stand in several lists. Leaves its list when destroyed.
template <class Tag>
class Hook {
 public:
  Hook() = default;
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;
  ~Hook() { unlink(); }

  bool is_linked() const { return next_ != this; }
  void unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = this;
  }

 private:
  template <class T, class ListTag>
  friend class List;
  Hook* previous_ = this;
  Hook* next_ = this;
};

// First in, first out. `T` derives from Hook<Tag>. Must be empty, or outlive nobody, when
// destroyed.
template <class T, class Tag = T>
class List {
 public:
  bool empty() const { return !ring_.is_linked(); }
  T& front() const { return static_cast<T&>(*ring_.next_); }

  // Moves it here from wherever it was linked.
  void push_back(T& item) {
    Hook<Tag>& hook = item;
    hook.unlink();
    hook.previous_ = ring_.previous_;
    hook.next_ = &ring_;
    ring_.previous_->next_ = &hook;
    ring_.previous_ = &hook;
  }

  // `visit` may unlink or destroy the item it is given, and no other.
  template <class Visit>
  void for_each(Visit visit) {
    for (Hook<Tag>* hook = ring_.next_; hook != &ring_;) {
      Hook<Tag>* next = hook->next_;
      visit(static_cast<T&>(*hook));
      hook = next;
    }
  }

 private:
  Hook<Tag> ring_;
};

}  // namespace hupd::connection
