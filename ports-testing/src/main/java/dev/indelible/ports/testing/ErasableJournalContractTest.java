package dev.indelible.ports.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.journal.Position;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Promises of every journal that is kept in files of its own. */
public abstract class ErasableJournalContractTest extends JournalContractTest {

  @Override
  protected abstract ErasableJournal open() throws IOException;

  @Override
  protected ErasableJournal journal() {
    return (ErasableJournal) super.journal();
  }

  @Test
  void afterARotationAllThatWasThereCanBeForgotten() throws Exception {
    ErasableJournal journal = journal();
    for (int i = 0; i < 5; i++) {
      append("old " + i);
    }
    Position before = journal.end();
    journal.rotate();
    append("new");
    assertThatThrownBy(() -> journal.awaitGone(before))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("still holds");
    journal.forget(journal.end());
    journal.awaitGone(before);
    assertThat(journal.begin()).isGreaterThanOrEqualTo(before);
    assertThat(texts(readAll(journal, journal.begin()))).containsExactly("new");
    reopen();
    append("newer");
    assertThat(texts(readAll(journal(), journal().begin()))).containsExactly("new", "newer");
  }
}
