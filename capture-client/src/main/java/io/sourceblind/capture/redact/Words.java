// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// What the line score knows about words: those that hold sentences together, those that people use
/// when they talk to an assistant, and those that statements of programming languages begin with.
final class Words {

  /// Words that hold sentences together and seldom occur in programs.
  static final Set<String> FUNCTION =
      setOf(
          """
          a an the this that these those it its it's is are was were be been being am i i'm i'd i'll i've me my
          we we're we'll we've our us you you're you'll you've your he she his her they they're their them
          and or but because so than then when whenever where which who whom whose while although though
          of to in on at by with from into onto about over under between through without within during
          before after above below off up down out as for not no nor don't doesn't didn't isn't aren't
          wasn't weren't can't cannot won't wouldn't shouldn't couldn't hasn't haven't hadn't
          can could should would will shall may might must do does did done have has had having
          what why how there there's here here's also only just very too more most much many some any
          each every both either neither few other another such same own again once now still yet
          already always never often sometimes maybe perhaps however therefore instead rather let's
          like since until unless whether if all one two three first last next new old
          der die das den dem des ein eine einen einem einer und oder aber nicht ist sind war waren wird
          werden wurde ich du er sie wir ihr mich mir dich uns euch mein dein sein unser mit von zu zum zur
          auf aus bei nach \u00fcber unter durch f\u00fcr gegen ohne um bis seit wenn weil dass ob wie was wer
          wo warum auch noch nur schon sehr mehr kann k\u00f6nnen muss m\u00fcssen soll sollen bitte
          le la les un une et ou mais pas est sont \u00e9tait \u00eatre je tu il elle nous vous ils elles
          mon ma mes ton votre notre dans sur sous avec sans pour par entre que qui quoi dont ce cette ces
          de du des au aux plus moins tr\u00e8s aussi peut faire comme si quand pourquoi comment
          el los las uno una y o pero no es son era eran ser estar est\u00e1 est\u00e1n yo t\u00fa ellos nosotros
          mi su sus nuestro en con sin por para entre que quien cual donde cuando como porque si m\u00e1s muy
          tambi\u00e9n puede pueden hacer hay esto este esta estos del al lo se
          o os as um uma e mas n\u00e3o \u00e9 s\u00e3o foi eu voc\u00ea n\u00f3s eles ele ela meu minha seu sua em no na nos nas
          com sem por para entre que quem onde quando como porque se mais muito tamb\u00e9m pode fazer isso
          este esta do da dos das ao \u00e0
          il lo gli i un uno una e o ma non \u00e8 sono era io tu lui lei noi voi loro mio tuo suo nel nella
          con senza per tra fra che chi cui dove quando come perch\u00e9 se pi\u00f9 molto anche pu\u00f2 fare questo
          questa del della dei delle al alla di da
          de het een en of maar niet is zijn was waren ik jij hij zij wij jullie mijn jouw ons onze met van
          naar op uit bij door voor tegen zonder om tot als omdat dat die wat wie waar waarom ook nog
          och eller men inte \u00e4r var jag du han hon vi ni de min din med av till p\u00e5 fr\u00e5n som att det den ett en
          i w na z do nie jest s\u0105 by\u0142 to \u017ce ale lub czy jak co kto gdzie dlaczego dla od po przez si\u0119 jego
          ve bir bu i\u00e7in ile de da ne gibi daha \u00e7ok ama olarak olan var yok
          \u0438 \u0432 \u043d\u0435 \u043d\u0430 \u0447\u0442\u043e \u044d\u0442\u043e \u043a\u0430\u043a \u044f \u043e\u043d \u043e\u043d\u0430 \u043c\u044b \u0432\u044b \u043e\u043d\u0438 \u0441 \u043f\u043e \u043d\u043e \u0438\u0437 \u0443 \u0437\u0430 \u043e\u0442 \u043e \u0434\u043b\u044f
          \u0434\u043e \u0436\u0435 \u0442\u0430\u043a \u0431\u044b \u0442\u043e \u0432\u0441\u0435 \u0447\u0442\u043e\u0431\u044b \u0438\u043b\u0438 \u043f\u0440\u0438 \u044d\u0442\u043e\u0442 \u0435\u0433\u043e \u0435\u0451 \u0438\u0445 \u043a\u043e\u0442\u043e\u0440\u044b\u0439 \u0433\u0434\u0435 \u043a\u043e\u0433\u0434\u0430
          \u0442\u0430 \u0456 \u0439 \u0449\u043e \u0446\u0435 \u044f\u043a \u0432\u0456\u043d \u0432\u043e\u043d\u0430 \u043c\u0438 \u0437 \u0434\u043e \u0430\u043b\u0435 \u0430\u0431\u043e
          """);

  /// Words in which people answer, ask and instruct.
  static final Set<String> TALK =
      setOf(
          """
          please thanks thank yes yeah yep nope no ok okay sure hi hello hey sorry help great good nice
          cool perfect right wrong well actually basically context see look looks looking think thought
          know want wanted need needs make makes made explain explains tell show shows try tried trying
          fix fixes fixed add adds added remove removes removed update updates updated rewrite refactor
          review check checks checked change changes changed move rename rewritten simplify improve
          understand figure work works working worked broken fails failing failed problem problems issue
          issues question questions idea ideas error errors bug bugs faster slower better worse reference
          bit piece part relevant following above below version code thing things something anything
          nothing everything someone anyone sense output result results getting got gives gave says said
          happens happened expected instead wondering weird strange hmm wow oops yay lgtm looks seems
          summary plan step steps note notes let go ahead continue proceed commit commits push pushed
          handles handle behaviour behavior merge release readme docs documentation comment comments
          tests should can could would write create implement use using used run running ran
          bitte danke hallo ja nein fehler merci bonjour oui gracias hola por favor obrigado ol\u00e1 grazie ciao
          """);

  /// Words that statements begin with in forty-odd languages.
  static final Set<String> KEYWORD =
      setOf(
          """
          def fn func fun function sub procedure proc defp defmodule defmacro defn defstruct class struct
          enum interface trait impl protocol extension module namespace package import include require
          requires use using open export exports extern from typedef type data newtype instance
          let var val const mut static final public private protected internal override virtual abstract
          async await return returns yield throw throws raise try catch except finally rescue ensure
          if elif elsif elseif else endif fi unless switch case when default match select where with
          for foreach while until loop do done end begin repeat break continue goto pass next redo retry
          new delete del print println printf puts echo assert self this super nil null none true false
          void int float double char long short unsigned signed bool boolean string byte auto
          register volatile inline template typename constexpr local global lambda then in of not and or
          attr_accessor attr_reader attr_writer extend alias undef call perform move display stop exit
          compute evaluate accept set unset declare input output wire reg assign always initial endmodule
          endfunction endtask endcase parameter integer real logical subroutine program implicit contains
          allocate deallocate intent dimension pragma contract mapping event modifier emit constructor
          mod pub crate unsafe move ref dyn message service rpc optional repeated oneof syntax
          select insert update delete create drop alter grant values into join having group order union
          run copy workdir entrypoint cmd env expose volume label add onbuild stopsignal healthcheck
          resource variable provider output locals terraform target describe it expect test context
          """);

  /// Those of them that an instruction to a person begins with as well.
  static final Set<String> VERB =
      setOf(
          """
          add alias allocate assign break call continue compute copy create delete describe display do
          drop emit ensure evaluate exit expect export extend extends for if implement import include
          instance in input insert join let like local logical module move new not of on open optional
          or order output package parameter perform print program provider protected public push raise
          real redo repeat require requires resource rescue return run select service set show skip
          stop structure switch target test then throw true type union unless until update use using
          values variable when where while with yield and context default event data case class
          interface function method message constructor modifier contract mapping template virtual
          private static final global string number short long double no none null self super this
          process section volume wire
          """);

  /// Words that never begin a sentence of ours, alone on a line or before a name.
  static final Set<String> BARE =
      setOf(
          """
          end endif fi esac done begin else elif elsif endfor endwhile endfunction endmodule endclass
          endcase endtask endgenerate endswitch endforeach endblock endmacro endsub wend loop then do od
          break continue pass return exit quit nil null none undefined true false self this super
          default finally ensure rescue try catch private protected public implementation interface
          deriving where in let of rec nop ret leave pop push hlt stop next redo retry
          """);

  /// The approved verbs with which the commands of PowerShell begin.
  static final Set<String> CMDLET =
      setOf(
          """
          Add Clear Close Copy Enter Exit Find Format Get Hide Join Lock Move New Open Optimize Pop Push
          Redo Remove Rename Reset Resize Search Select Set Show Skip Split Step Switch Undo Unlock Watch
          Connect Disconnect Read Receive Send Write Backup Checkpoint Compare Compress Convert ConvertFrom
          ConvertTo Dismount Edit Expand Export Group Import Initialize Limit Merge Mount Out Publish Restore
          Save Sync Unpublish Update Debug Measure Ping Repair Resolve Test Trace Approve Assert Build
          Complete Confirm Deny Deploy Disable Enable Install Invoke Register Request Restart Resume Start
          Stop Submit Suspend Uninstall Unregister Wait Block Grant Protect Revoke Unblock Unprotect Use
          ForEach Sort Tee Where
          """);

  /// Words for oneself: documentation has none, who asks for help has.
  static final Set<String> SELF =
      setOf(
          """
          i i'm i'd i'll i've me my mine myself
          ich mich mir mein meine meinen meiner je moi mon mes yo eu meu minha io mio mia ik mijn jag mig
          \u044f \u043c\u043d\u0435 \u043c\u0435\u043d\u044f \u043c\u043e\u0439 \u043c\u043e\u044f
          """);

  private Words() {}

  private static Set<String> setOf(String words) {
    return Arrays.stream(words.strip().split("\\s+", -1)).collect(Collectors.toUnmodifiableSet());
  }
}
